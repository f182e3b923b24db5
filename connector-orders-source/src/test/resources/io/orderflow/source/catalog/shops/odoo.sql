CREATE TABLE res_currency (id serial PRIMARY KEY, name varchar NOT NULL UNIQUE, active boolean);
CREATE TABLE product_product (id serial PRIMARY KEY, default_code varchar, active boolean, product_tmpl_id int4);
CREATE TABLE sale_order ( id serial PRIMARY KEY, name varchar NOT NULL, company_id int4 NOT NULL, partner_id int4 NOT
  NULL, partner_invoice_id int4 NOT NULL, partner_shipping_id int4 NOT NULL, state varchar, locked boolean,
  client_order_ref varchar, origin varchar, reference varchar, note text, create_date timestamp, write_date timestamp,
  date_order timestamp NOT NULL, commitment_date timestamp, currency_id int4 REFERENCES res_currency (id) ON DELETE
  RESTRICT, currency_rate numeric, amount_untaxed numeric, amount_tax numeric, amount_total numeric, invoice_status
  varchar, access_token varchar, prepayment_percent float8, warehouse_id int4, picking_policy varchar NOT NULL,
  procurement_group_id int4, delivery_status varchar, effective_date timestamp, CHECK ((state = 'sale' AND date_order
  IS NOT NULL) OR state <> 'sale') );
CREATE TABLE sale_order_line ( id serial PRIMARY KEY, order_id int4 NOT NULL REFERENCES sale_order (id) ON DELETE
  CASCADE, sequence int4, company_id int4, currency_id int4, order_partner_id int4, state varchar, display_type
  varchar, is_downpayment boolean, is_expense boolean, product_id int4 REFERENCES product_product (id) ON DELETE
  RESTRICT, name text NOT NULL, product_uom_qty numeric NOT NULL, product_uom_id int4, linked_line_id int4,
  combo_item_id int4, price_unit numeric NOT NULL, discount numeric, price_subtotal numeric, price_tax float8,
  price_total numeric, qty_delivered_method varchar, qty_delivered numeric, qty_invoiced numeric, qty_to_invoice
  numeric, invoice_status varchar, customer_lead float8 NOT NULL, create_date timestamp, write_date timestamp,
  warehouse_id int4, route_id int4, CONSTRAINT sale_order_line_accountable_required_fields CHECK (display_type IS NOT
  NULL OR is_downpayment OR (product_id IS NOT NULL AND product_uom_id IS NOT NULL)), CONSTRAINT
  sale_order_line_non_accountable_null_fields CHECK (display_type IS NULL OR (product_id IS NULL AND price_unit = 0
  AND product_uom_qty = 0 AND product_uom_id IS NULL AND customer_lead = 0)) );
CREATE TABLE stock_quant ( id serial PRIMARY KEY, product_id int4 NOT NULL, company_id int4, location_id int4 NOT
  NULL, lot_id int4, package_id int4, owner_id int4, quantity numeric, reserved_quantity numeric NOT NULL, in_date
  timestamp NOT NULL);
CREATE TABLE stock_picking ( id serial PRIMARY KEY, name varchar, origin varchar, state varchar, picking_type_id int4
  NOT NULL, location_id int4 NOT NULL, location_dest_id int4 NOT NULL, partner_id int4, company_id int4, sale_id int4,
  backorder_id int4, date_done timestamp, create_date timestamp, write_date timestamp);
CREATE TABLE stock_move ( id serial PRIMARY KEY, product_id int4 NOT NULL, company_id int4 NOT NULL, product_qty
  numeric, product_uom_qty numeric NOT NULL, quantity numeric, uom_id int4 NOT NULL, location_id int4 NOT NULL,
  location_dest_id int4 NOT NULL, picking_id int4 REFERENCES stock_picking (id) ON DELETE SET NULL, state varchar,
  sale_line_id int4, origin_returned_move_id int4, date timestamp NOT NULL);
CREATE TABLE payment_transaction ( id serial PRIMARY KEY, reference varchar NOT NULL UNIQUE, provider_code varchar,
  provider_reference varchar, amount numeric NOT NULL, currency_id int4 NOT NULL, state varchar NOT NULL);
CREATE TABLE sale_order_transaction_rel (sale_order_id int4 NOT NULL, transaction_id int4 NOT NULL, PRIMARY KEY
  (sale_order_id, transaction_id));
