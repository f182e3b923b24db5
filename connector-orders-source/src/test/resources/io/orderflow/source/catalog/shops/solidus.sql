CREATE TABLE spree_variants (id serial PRIMARY KEY, sku varchar DEFAULT '' NOT NULL, deleted_at timestamp, product_id
  integer, track_inventory boolean DEFAULT true, updated_at timestamp(6), created_at timestamp(6));
CREATE TABLE spree_orders ( id serial PRIMARY KEY, number varchar(32), item_total numeric(10,2) DEFAULT 0.0 NOT NULL,
  total numeric(10,2) DEFAULT 0.0 NOT NULL, state varchar, adjustment_total numeric(10,2) DEFAULT 0.0 NOT NULL,
  user_id integer, completed_at timestamp, payment_total numeric(10,2) DEFAULT 0.0, shipment_state varchar,
  payment_state varchar, email varchar, created_at timestamp(6), updated_at timestamp(6), currency varchar,
  shipment_total numeric(10,2) DEFAULT 0.0 NOT NULL, channel varchar DEFAULT 'spree', item_count integer DEFAULT 0,
  guest_token varchar, canceled_at timestamp, canceler_id integer, store_id integer, approver_name varchar,
  frontend_viewable boolean DEFAULT true NOT NULL, customer_metadata jsonb DEFAULT '{}', admin_metadata jsonb DEFAULT
  '{}' );
CREATE TABLE spree_line_items ( id serial PRIMARY KEY, variant_id integer, order_id integer, quantity integer NOT
  NULL, price numeric(10,2) NOT NULL, created_at timestamp(6), updated_at timestamp(6), cost_price numeric(10,2),
  tax_category_id integer, adjustment_total numeric(10,2) DEFAULT 0.0, included_tax_total numeric(10,2) DEFAULT 0.0
  NOT NULL, customer_metadata jsonb DEFAULT '{}', admin_metadata jsonb DEFAULT '{}');
CREATE TABLE spree_shipments ( id serial PRIMARY KEY, tracking varchar, number varchar, cost numeric(10,2) DEFAULT
  0.0, shipped_at timestamp, order_id integer, state varchar, created_at timestamp(6), updated_at timestamp(6),
  stock_location_id integer);
CREATE TABLE spree_inventory_units ( id serial PRIMARY KEY, state varchar, variant_id integer, shipment_id integer,
  created_at timestamp(6), updated_at timestamp(6), pending boolean DEFAULT true, line_item_id integer, carton_id
  integer);
CREATE TABLE spree_stock_items ( id serial PRIMARY KEY, stock_location_id integer, variant_id integer, count_on_hand
  integer DEFAULT 0 NOT NULL, backorderable boolean DEFAULT false, deleted_at timestamp);
CREATE TABLE spree_payments ( id serial PRIMARY KEY, amount numeric(10,2) DEFAULT 0.0 NOT NULL, order_id integer,
  source_type varchar, source_id integer, payment_method_id integer, state varchar, response_code varchar, created_at
  timestamp(6), updated_at timestamp(6), number varchar);
CREATE TABLE spree_refunds (id serial PRIMARY KEY, payment_id integer, amount numeric(10,2) DEFAULT 0.0 NOT NULL,
  transaction_id varchar, created_at timestamp(6), updated_at timestamp(6));
