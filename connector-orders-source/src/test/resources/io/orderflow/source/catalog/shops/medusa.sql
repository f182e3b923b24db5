CREATE TABLE "order" ( id text PRIMARY KEY, region_id text, display_id serial, custom_display_id text, customer_id
  text, version integer NOT NULL DEFAULT 1, sales_channel_id text, status text NOT NULL DEFAULT 'pending' CHECK
  (status IN ('pending','completed','draft','archived','canceled','requires_action')), is_draft_order boolean NOT NULL
  DEFAULT false, email text, currency_code text NOT NULL, shipping_address_id text, billing_address_id text,
  no_notification boolean, metadata jsonb, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT
  NULL DEFAULT now(), deleted_at timestamptz, canceled_at timestamptz );
CREATE TABLE order_line_item ( id text PRIMARY KEY, title text NOT NULL, variant_id text, product_id text, variant_sku
  text, variant_title text, requires_shipping boolean NOT NULL, is_discountable boolean NOT NULL, is_tax_inclusive
  boolean NOT NULL, unit_price numeric, raw_unit_price jsonb NOT NULL, metadata jsonb, created_at timestamptz NOT NULL
  DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz );
CREATE TABLE order_item ( id text PRIMARY KEY, order_id text NOT NULL REFERENCES "order" (id) ON UPDATE CASCADE,
  version integer NOT NULL, item_id text NOT NULL REFERENCES order_line_item (id) ON UPDATE CASCADE, unit_price
  numeric, raw_unit_price jsonb, quantity numeric NOT NULL, raw_quantity jsonb NOT NULL, fulfilled_quantity numeric
  NOT NULL, raw_fulfilled_quantity jsonb NOT NULL, delivered_quantity numeric NOT NULL, raw_delivered_quantity jsonb
  NOT NULL, shipped_quantity numeric NOT NULL, raw_shipped_quantity jsonb NOT NULL, return_requested_quantity numeric
  NOT NULL, raw_return_requested_quantity jsonb NOT NULL, return_received_quantity numeric NOT NULL,
  raw_return_received_quantity jsonb NOT NULL, return_dismissed_quantity numeric NOT NULL,
  raw_return_dismissed_quantity jsonb NOT NULL, written_off_quantity numeric NOT NULL, raw_written_off_quantity jsonb
  NOT NULL, metadata jsonb, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT
  now(), deleted_at timestamptz );
CREATE TABLE order_summary ( id text PRIMARY KEY, order_id text NOT NULL REFERENCES "order" (id) ON UPDATE CASCADE ON
  DELETE CASCADE, version integer NOT NULL DEFAULT 1, totals jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT
  now(), updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz);
CREATE TABLE order_transaction ( id text PRIMARY KEY, order_id text NOT NULL REFERENCES "order" (id) ON UPDATE CASCADE
  ON DELETE CASCADE, return_id text, version integer NOT NULL DEFAULT 1, amount numeric NOT NULL, raw_amount jsonb NOT
  NULL, currency_code text NOT NULL, reference text, reference_id text, created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz);
CREATE TABLE inventory_level ( id text PRIMARY KEY, inventory_item_id text NOT NULL, location_id text NOT NULL,
  stocked_quantity integer NOT NULL DEFAULT 0, reserved_quantity integer NOT NULL DEFAULT 0, incoming_quantity integer
  NOT NULL DEFAULT 0, deleted_at timestamptz);
CREATE TABLE reservation_item ( id text PRIMARY KEY, line_item_id text, location_id text NOT NULL, quantity integer
  NOT NULL, inventory_item_id text NOT NULL, deleted_at timestamptz);
CREATE TABLE fulfillment ( id text PRIMARY KEY, location_id text NOT NULL, packed_at timestamptz, shipped_at
  timestamptz, delivered_at timestamptz, canceled_at timestamptz, provider_id text, requires_shipping boolean NOT NULL
  DEFAULT true, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz);
CREATE TABLE fulfillment_item ( id text PRIMARY KEY, title text NOT NULL, sku text NOT NULL, barcode text NOT NULL,
  quantity numeric NOT NULL, raw_quantity jsonb NOT NULL, line_item_id text, inventory_item_id text, fulfillment_id
  text NOT NULL REFERENCES fulfillment (id) ON UPDATE CASCADE ON DELETE CASCADE, created_at timestamptz NOT NULL
  DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz);
CREATE TABLE order_fulfillment (order_id varchar NOT NULL, fulfillment_id varchar NOT NULL, id varchar NOT NULL,
  deleted_at timestamptz, PRIMARY KEY (order_id, fulfillment_id));
