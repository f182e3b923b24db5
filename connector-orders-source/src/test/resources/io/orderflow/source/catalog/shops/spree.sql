CREATE TABLE spree_variants ( id bigserial PRIMARY KEY, sku varchar DEFAULT '' NOT NULL, deleted_at timestamp,
  is_master boolean DEFAULT false, product_id bigint, track_inventory boolean DEFAULT true, backorder_limit integer,
  preorderable boolean, updated_at timestamp NOT NULL, created_at timestamp NOT NULL);
CREATE TABLE spree_orders ( id bigserial PRIMARY KEY, number varchar(32), item_total numeric(10,2) DEFAULT 0.0 NOT
  NULL, total numeric(10,2) DEFAULT 0.0 NOT NULL, state varchar, adjustment_total numeric(10,2) DEFAULT 0.0 NOT NULL,
  user_id bigint, completed_at timestamp, payment_total numeric(10,2) DEFAULT 0.0, shipment_state varchar,
  payment_state varchar, email varchar, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL, currency
  varchar, shipment_total numeric(10,2) DEFAULT 0.0 NOT NULL, channel varchar DEFAULT 'spree', item_count integer
  DEFAULT 0, token varchar, canceled_at timestamp, store_id bigint, state_lock_version integer DEFAULT 0 NOT NULL,
  public_metadata jsonb, private_metadata jsonb, internal_note text, status varchar DEFAULT 'draft' NOT NULL, locale
  varchar, market_id bigint, channel_id bigint, preferred_stock_location_id bigint );
CREATE TABLE spree_line_items ( id bigserial PRIMARY KEY, variant_id bigint, order_id bigint, quantity integer NOT
  NULL, price numeric(10,2) NOT NULL, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL, currency
  varchar, cost_price numeric(10,2), adjustment_total numeric(10,2) DEFAULT 0.0, promo_total numeric(10,2) DEFAULT
  0.0, pre_tax_amount numeric(12,4) DEFAULT 0.0 NOT NULL, public_metadata jsonb, private_metadata jsonb, price_list_id
  bigint );
CREATE TABLE spree_shipments ( id bigserial PRIMARY KEY, tracking varchar, number varchar, cost numeric(10,2) DEFAULT
  0.0, shipped_at timestamp, order_id bigint, address_id bigint, state varchar, created_at timestamp(6) NOT NULL,
  updated_at timestamp(6) NOT NULL, stock_location_id bigint, public_metadata jsonb, private_metadata jsonb);
CREATE TABLE spree_inventory_units ( id bigserial PRIMARY KEY, state varchar, variant_id bigint, order_id bigint,
  shipment_id bigint, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL, pending boolean DEFAULT
  true, line_item_id bigint, quantity integer DEFAULT 1, original_return_item_id bigint);
CREATE TABLE spree_stock_items ( id bigserial PRIMARY KEY, stock_location_id bigint, variant_id bigint, count_on_hand
  integer DEFAULT 0 NOT NULL, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL, backorderable
  boolean DEFAULT false, deleted_at timestamp);
CREATE TABLE spree_payments ( id bigserial PRIMARY KEY, amount numeric(10,2) DEFAULT 0.0 NOT NULL, order_id bigint,
  source_type varchar, source_id bigint, payment_method_id bigint, state varchar, response_code varchar, created_at
  timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL, number varchar);
CREATE TABLE spree_refunds ( id bigserial PRIMARY KEY, payment_id bigint, amount numeric(10,2) DEFAULT 0.0 NOT NULL,
  transaction_id varchar, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL, refund_reason_id bigint,
  reimbursement_id bigint);
