CREATE TABLE partner_stockrecord ( id bigserial PRIMARY KEY, product_id bigint NOT NULL, partner_id bigint NOT NULL,
  partner_sku varchar(128) NOT NULL, price_currency varchar(12) NOT NULL, price numeric(12,2), num_in_stock integer
  CHECK (num_in_stock >= 0), num_allocated integer, date_created timestamptz NOT NULL, date_updated timestamptz NOT
  NULL, UNIQUE (partner_id, partner_sku));
CREATE TABLE order_order ( id bigserial PRIMARY KEY, number varchar(128) NOT NULL UNIQUE, currency varchar(12) NOT
  NULL, total_incl_tax numeric(12,2) NOT NULL, total_excl_tax numeric(12,2) NOT NULL, shipping_incl_tax numeric(12,2)
  NOT NULL, shipping_excl_tax numeric(12,2) NOT NULL, shipping_tax_code varchar(64), shipping_method varchar(128) NOT
  NULL, shipping_code varchar(128) NOT NULL, status varchar(100) NOT NULL, guest_email varchar(254) NOT NULL,
  date_placed timestamptz NOT NULL, analytics_tracked boolean NOT NULL, site_id bigint, basket_id bigint, user_id
  bigint, billing_address_id bigint, shipping_address_id bigint);
CREATE TABLE order_line ( id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES order_order (id) DEFERRABLE
  INITIALLY DEFERRED, partner_id bigint, partner_name varchar(128) NOT NULL, partner_sku varchar(128) NOT NULL,
  partner_line_reference varchar(128) NOT NULL, partner_line_notes text NOT NULL, stockrecord_id bigint REFERENCES
  partner_stockrecord (id) DEFERRABLE INITIALLY DEFERRED, product_id bigint, title varchar(255) NOT NULL, upc
  varchar(128), quantity integer NOT NULL CHECK (quantity >= 0), line_price_incl_tax numeric(12,2) NOT NULL,
  line_price_excl_tax numeric(12,2) NOT NULL, unit_price_incl_tax numeric(12,2), unit_price_excl_tax numeric(12,2),
  tax_code varchar(64), status varchar(255) NOT NULL, num_allocated integer NOT NULL CHECK (num_allocated >= 0),
  allocation_cancelled boolean NOT NULL);
CREATE TABLE payment_source ( id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES order_order (id)
  DEFERRABLE INITIALLY DEFERRED, source_type_id bigint NOT NULL, currency varchar(12) NOT NULL, amount_allocated
  numeric(12,2) NOT NULL, amount_debited numeric(12,2) NOT NULL, amount_refunded numeric(12,2) NOT NULL, reference
  varchar(255) NOT NULL, label varchar(128) NOT NULL);
CREATE TABLE payment_transaction ( id bigserial PRIMARY KEY, source_id bigint NOT NULL REFERENCES payment_source (id)
  DEFERRABLE INITIALLY DEFERRED, txn_type varchar(128) NOT NULL, amount numeric(12,2) NOT NULL, reference varchar(128)
  NOT NULL, status varchar(128) NOT NULL, date_created timestamptz NOT NULL);
