-- What happens to three orders of Spree. :n is a number; each number has orders of its own.

-- step place
INSERT INTO spree_orders (id, number, total, state, currency, created_at, updated_at)
SELECT 1000 + :n * 10 + k, 'R' || 1000 + :n * 10 + k, 79.80, 'cart', 'USD', now(), now() FROM generate_series(0, 2) AS k;
INSERT INTO spree_line_items (id, variant_id, order_id, quantity, price, currency, created_at, updated_at)
SELECT 1000 + :n * 10 + l, v, 1000 + :n * 10 + o, q, 19.95, 'USD', now(), now()
  FROM (VALUES (0, 11, 0, 3), (1, 12, 0, 1), (2, 13, 0, 1), (3, 11, 1, 2), (4, 12, 2, 1)) AS v (l, v, o, q);
INSERT INTO spree_shipments (id, number, order_id, state, stock_location_id, created_at, updated_at)
SELECT 1000 + :n * 10 + s, 'H' || 1000 + :n * 10 + s, 1000 + :n * 10 + o, 'ready', l, now(), now()
  FROM (VALUES (0, 0, 1), (1, 0, 2), (2, 1, 1)) AS v (s, o, l);
INSERT INTO spree_inventory_units (id, state, variant_id, order_id, shipment_id, line_item_id, pending, quantity, created_at, updated_at)
SELECT 1000 + :n * 10 + u, 'on_hand', v, 1000 + :n * 10 + o, 1000 + :n * 10 + s, 1000 + :n * 10 + l, false, q, now(), now()
  FROM (VALUES (0, 11, 0, 0, 0, 3), (1, 12, 0, 1, 1, 1), (2, 11, 1, 2, 3, 2)) AS v (u, v, o, s, l, q);
INSERT INTO spree_payments (id, amount, order_id, state, number, created_at, updated_at)
VALUES (1000 + :n * 10, 50, 1000 + :n * 10, 'checkout', 'P' || 1000 + :n * 10, now(), now());
UPDATE spree_orders SET state = 'complete', status = 'placed', completed_at = now(), shipment_state = 'ready', payment_state = 'balance_due'
 WHERE id IN (1000 + :n * 10, 1001 + :n * 10);

-- step pay1
UPDATE spree_payments SET state = 'completed' WHERE id = 1000 + :n * 10;
UPDATE spree_orders SET payment_total = 50 WHERE id = 1000 + :n * 10;

-- step pay2
INSERT INTO spree_payments (id, amount, order_id, state, number, created_at, updated_at)
VALUES (1001 + :n * 10, 29.80, 1000 + :n * 10, 'completed', 'P' || 1001 + :n * 10, now(), now());
UPDATE spree_orders SET payment_total = 79.80, payment_state = 'paid' WHERE id = 1000 + :n * 10;

-- step change
UPDATE spree_line_items SET quantity = 4 WHERE id = 1000 + :n * 10;
INSERT INTO spree_inventory_units (id, state, variant_id, order_id, shipment_id, line_item_id, pending, quantity, created_at, updated_at)
VALUES (1003 + :n * 10, 'on_hand', 11, 1000 + :n * 10, 1000 + :n * 10, 1000 + :n * 10, false, 1, now(), now());
UPDATE spree_orders SET total = 99.75, payment_state = 'balance_due' WHERE id = 1000 + :n * 10;

-- step ship
UPDATE spree_shipments SET state = 'shipped', shipped_at = now() WHERE id = 1000 + :n * 10;
UPDATE spree_inventory_units SET state = 'shipped' WHERE shipment_id = 1000 + :n * 10;
UPDATE spree_orders SET shipment_state = 'partial' WHERE id = 1000 + :n * 10;

-- step return
UPDATE spree_inventory_units SET quantity = 2 WHERE id = 1000 + :n * 10;
INSERT INTO spree_inventory_units (id, state, variant_id, order_id, shipment_id, line_item_id, pending, quantity, original_return_item_id, created_at, updated_at)
VALUES (1004 + :n * 10, 'returned', 11, 1000 + :n * 10, 1000 + :n * 10, 1000 + :n * 10, false, 1, 1, now(), now());

-- step refund
INSERT INTO spree_refunds (id, payment_id, amount, created_at, updated_at) VALUES (1000 + :n * 10, 1000 + :n * 10, 19.95, now(), now());
UPDATE spree_orders SET payment_total = 59.85 WHERE id = 1000 + :n * 10;

-- step cancel
UPDATE spree_shipments SET state = 'canceled' WHERE id = 1002 + :n * 10;
UPDATE spree_orders SET state = 'canceled', status = 'canceled', shipment_state = 'canceled', payment_state = 'void', canceled_at = now() WHERE id = 1001 + :n * 10;

-- step delete
DELETE FROM spree_line_items WHERE order_id = 1002 + :n * 10;
DELETE FROM spree_orders WHERE id = 1002 + :n * 10;

-- note delete: only carts are deleted, and they hold no stock.
