CREATE TABLE sylius_product_variant (id serial PRIMARY KEY, code varchar(255) NOT NULL UNIQUE, version integer NOT
  NULL DEFAULT 1, on_hold integer NOT NULL, on_hand integer NOT NULL, tracked boolean NOT NULL);
CREATE TABLE sylius_order ( id serial PRIMARY KEY, number varchar(255) UNIQUE, notes text, state varchar(255) NOT
  NULL, checkout_completed_at timestamp(0), items_total integer NOT NULL, adjustments_total integer NOT NULL, total
  integer NOT NULL, created_at timestamp(0) NOT NULL, updated_at timestamp(0), currency_code varchar(3) NOT NULL,
  locale_code varchar(255) NOT NULL, checkout_state varchar(255) NOT NULL, payment_state varchar(255) NOT NULL,
  shipping_state varchar(255) NOT NULL, created_by_guest boolean NOT NULL DEFAULT true, token_value varchar(255)
  UNIQUE, customer_ip varchar(255), channel_id integer, customer_id integer);
CREATE TABLE sylius_order_item ( id serial PRIMARY KEY, order_id integer NOT NULL REFERENCES sylius_order (id) ON
  DELETE CASCADE, variant_id integer NOT NULL REFERENCES sylius_product_variant (id), quantity integer NOT NULL,
  unit_price integer NOT NULL, original_unit_price integer, units_total integer NOT NULL, adjustments_total integer
  NOT NULL, total integer NOT NULL, is_immutable boolean NOT NULL, product_name varchar(255), variant_name
  varchar(255), version integer NOT NULL DEFAULT 1);
CREATE TABLE sylius_shipment (id serial PRIMARY KEY, method_id integer NOT NULL, order_id integer NOT NULL REFERENCES
  sylius_order (id) ON DELETE CASCADE, state varchar(255) NOT NULL, tracking varchar(255), shipped_at timestamp(0));
CREATE TABLE sylius_order_item_unit (id serial PRIMARY KEY, order_item_id integer NOT NULL REFERENCES
  sylius_order_item (id) ON DELETE CASCADE, shipment_id integer REFERENCES sylius_shipment (id) ON DELETE SET NULL,
  adjustments_total integer NOT NULL);
CREATE TABLE sylius_payment (id serial PRIMARY KEY, method_id integer, order_id integer NOT NULL REFERENCES
  sylius_order (id) ON DELETE CASCADE, currency_code varchar(3) NOT NULL, amount integer NOT NULL, state varchar(255)
  NOT NULL, details json NOT NULL);
