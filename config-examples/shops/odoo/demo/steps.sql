-- What happens to three orders of Odoo. :n is a number; each number has orders of its own. Odoo works at REPEATABLE READ.

-- step place
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
INSERT INTO sale_order (id, name, company_id, partner_id, partner_invoice_id, partner_shipping_id, state, date_order, currency_id, amount_untaxed, amount_tax, amount_total, picking_policy, warehouse_id)
SELECT 1000 + :n * 10 + k, 'S' || 1000 + :n * 10 + k, 1, 7, 7, 7, 'draft', now(), 1, 84.68, 0.00, 84.68, 'direct', 1 FROM generate_series(0, 2) AS k;
INSERT INTO sale_order_line (id, order_id, sequence, display_type, is_downpayment, product_id, name, product_uom_qty, product_uom_id, price_unit, qty_delivered, customer_lead)
SELECT 1000 + :n * 10 + l, 1000 + :n * 10 + o, l, d, p, r, 'x', q, u, e, 0.00, 0
  FROM (VALUES (0, 0, NULL, false, 21, 4.00, 1, 19.95), (1, 0, NULL, false, 24, 2.50, 3, 1.95), (2, 0, NULL, false, 23, 1.00, 1, 5), (3, 0, 'line_section', false, NULL, 0.00, NULL, 0),
               (4, 0, NULL, true, NULL, 0.00, NULL, 10), (5, 1, NULL, false, 21, 2.00, 1, 19.95), (6, 2, NULL, false, 22, 1.00, 1, 19.95)) AS v (l, o, d, p, r, q, u, e);
UPDATE sale_order SET state = 'sale', delivery_status = 'pending' WHERE id BETWEEN 1000 + :n * 10 AND 1002 + :n * 10;
INSERT INTO stock_picking (id, name, state, picking_type_id, location_id, location_dest_id, sale_id)
SELECT 1000 + :n * 10 + k, 'WH/OUT/' || 1000 + :n * 10 + k, 'assigned', 2, 8, 5, 1000 + :n * 10 + k FROM generate_series(0, 2) AS k;
INSERT INTO stock_move (id, product_id, company_id, product_qty, product_uom_qty, quantity, uom_id, location_id, location_dest_id, picking_id, state, sale_line_id, date)
SELECT 1000 + :n * 10 + l, product_id, 1, product_uom_qty, product_uom_qty, product_uom_qty, product_uom_id, 8, 5, order_id, 'assigned', id, now()
  FROM sale_order_line, generate_series(0, 6) AS l WHERE id = 1000 + :n * 10 + l AND product_id IN (21, 22, 24);

-- step pay1
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
INSERT INTO payment_transaction (id, reference, provider_code, provider_reference, amount, currency_id, state) VALUES (1000 + :n * 10, 'S-' || 1000 + :n * 10, 'stripe', 'ch_' || :n, 50.00, 1, 'done');
INSERT INTO sale_order_transaction_rel VALUES (1000 + :n * 10, 1000 + :n * 10);

-- step pay2
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
INSERT INTO payment_transaction (id, reference, provider_code, provider_reference, amount, currency_id, state) VALUES (1001 + :n * 10, 'S-' || 1001 + :n * 10, 'stripe', 'ci_' || :n, 34.68, 1, 'done');
INSERT INTO sale_order_transaction_rel VALUES (1000 + :n * 10, 1001 + :n * 10);

-- step change
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
UPDATE sale_order_line SET product_uom_qty = 5.00 WHERE id = 1000 + :n * 10;
UPDATE stock_move SET product_uom_qty = 5.00, product_qty = 5.00, quantity = 5.00 WHERE id = 1000 + :n * 10;
UPDATE sale_order SET amount_untaxed = 104.63, amount_total = 104.63 WHERE id = 1000 + :n * 10;

-- step ship
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
INSERT INTO stock_picking (id, name, state, picking_type_id, location_id, location_dest_id, sale_id, backorder_id)
VALUES (1003 + :n * 10, 'WH/OUT/' || 1003 + :n * 10, 'assigned', 2, 8, 5, 1000 + :n * 10, 1000 + :n * 10);
INSERT INTO stock_move (id, product_id, company_id, product_qty, product_uom_qty, quantity, uom_id, location_id, location_dest_id, picking_id, state, sale_line_id, date)
VALUES (1007 + :n * 10, 21, 1, 2.00, 2.00, 2.00, 1, 8, 5, 1003 + :n * 10, 'assigned', 1000 + :n * 10, now()),
       (1008 + :n * 10, 24, 1, 1.25, 1.25, 1.25, 3, 8, 5, 1003 + :n * 10, 'assigned', 1001 + :n * 10, now());
UPDATE stock_move SET state = 'done', product_qty = 3.00, product_uom_qty = 3.00, quantity = 3.00 WHERE id = 1000 + :n * 10;
UPDATE stock_move SET state = 'done', product_qty = 1.25, product_uom_qty = 1.25, quantity = 1.25 WHERE id = 1001 + :n * 10;
UPDATE stock_picking SET state = 'done', date_done = now() WHERE id = 1000 + :n * 10;
UPDATE sale_order_line SET qty_delivered = 3.00 WHERE id = 1000 + :n * 10;
UPDATE sale_order_line SET qty_delivered = 1.25 WHERE id = 1001 + :n * 10;
UPDATE sale_order SET delivery_status = 'partial' WHERE id = 1000 + :n * 10;

-- step return
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
INSERT INTO stock_picking (id, name, state, picking_type_id, location_id, location_dest_id, sale_id)
VALUES (1004 + :n * 10, 'WH/IN/' || 1004 + :n * 10, 'done', 1, 5, 8, 1000 + :n * 10);
INSERT INTO stock_move (id, product_id, company_id, product_qty, product_uom_qty, quantity, uom_id, location_id, location_dest_id, picking_id, state, sale_line_id, origin_returned_move_id, date)
VALUES (1009 + :n * 10, 21, 1, 1.00, 1.00, 1.00, 1, 5, 8, 1004 + :n * 10, 'done', 1000 + :n * 10, 1000 + :n * 10, now());
UPDATE sale_order_line SET qty_delivered = 2.00 WHERE id = 1000 + :n * 10;

-- step refund
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
INSERT INTO payment_transaction (id, reference, provider_code, provider_reference, amount, currency_id, state) VALUES (1002 + :n * 10, 'R-S-' || 1000 + :n * 10, 'stripe', 're_' || :n, -19.95, 1, 'done');
INSERT INTO sale_order_transaction_rel VALUES (1000 + :n * 10, 1002 + :n * 10);

-- step cancel
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
UPDATE stock_move SET state = 'cancel' WHERE picking_id = 1001 + :n * 10;
UPDATE stock_picking SET state = 'cancel' WHERE id = 1001 + :n * 10;
UPDATE sale_order SET state = 'cancel' WHERE id = 1001 + :n * 10;

-- step delete
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
UPDATE stock_move SET state = 'cancel' WHERE picking_id = 1002 + :n * 10;
UPDATE stock_picking SET state = 'cancel' WHERE id = 1002 + :n * 10;
UPDATE sale_order SET state = 'cancel' WHERE id = 1002 + :n * 10;
DELETE FROM sale_order WHERE id = 1002 + :n * 10;

-- note delete: an order is cancelled, and then deleted.
