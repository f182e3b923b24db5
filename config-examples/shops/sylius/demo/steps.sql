-- What happens to three orders of Sylius. :n is a number; each number has orders of its own.

-- step place
INSERT INTO sylius_order (id, number, state, items_total, adjustments_total, total, created_at, currency_code, locale_code, checkout_state, payment_state, shipping_state)
VALUES (1000 + :n * 10, NULL, 'cart', 5985, 0, 5985, now(), 'USD', 'en_US', 'cart', 'cart', 'cart'),
       (1001 + :n * 10, NULL, 'cart', 1995, 0, 1995, now(), 'USD', 'en_US', 'cart', 'cart', 'cart'),
       (1002 + :n * 10, NULL, 'cart', 1995, 0, 1995, now(), 'USD', 'en_US', 'cart', 'cart', 'cart');
INSERT INTO sylius_order_item (id, order_id, variant_id, quantity, unit_price, units_total, adjustments_total, total, is_immutable)
VALUES (1000 + :n * 10, 1000 + :n * 10, 1, 3, 1995, 5985, 0, 5985, false), (1001 + :n * 10, 1000 + :n * 10, 2, 1, 0, 0, 0, 0, false),
       (1002 + :n * 10, 1001 + :n * 10, 1, 1, 1995, 1995, 0, 1995, false), (1003 + :n * 10, 1002 + :n * 10, 1, 1, 1995, 1995, 0, 1995, false);
INSERT INTO sylius_shipment (id, method_id, order_id, state)
VALUES (1000 + :n * 10, 1, 1000 + :n * 10, 'ready'), (1001 + :n * 10, 1, 1000 + :n * 10, 'ready'), (1002 + :n * 10, 1, 1001 + :n * 10, 'ready');
INSERT INTO sylius_order_item_unit (order_item_id, shipment_id, adjustments_total)
VALUES (1000 + :n * 10, 1000 + :n * 10, 0), (1000 + :n * 10, 1000 + :n * 10, 0), (1000 + :n * 10, 1001 + :n * 10, 0),
       (1001 + :n * 10, 1000 + :n * 10, 0), (1002 + :n * 10, 1002 + :n * 10, 0), (1003 + :n * 10, NULL, 0);
INSERT INTO sylius_payment (id, order_id, currency_code, amount, state, details)
VALUES (1000 + :n * 10, 1000 + :n * 10, 'USD', 5985, 'new', '{}'), (1002 + :n * 10, 1001 + :n * 10, 'USD', 1995, 'new', '{}');
UPDATE sylius_order SET state = 'new', number = id, checkout_state = 'completed', payment_state = 'awaiting_payment', shipping_state = 'ready'
 WHERE id IN (1000 + :n * 10, 1001 + :n * 10);

-- step pay1
UPDATE sylius_payment SET state = 'completed', amount = 4000 WHERE id = 1000 + :n * 10;
INSERT INTO sylius_payment (id, order_id, currency_code, amount, state, details) VALUES (1001 + :n * 10, 1000 + :n * 10, 'USD', 1985, 'new', '{}');
UPDATE sylius_order SET payment_state = 'partially_paid' WHERE id = 1000 + :n * 10;

-- step pay2
UPDATE sylius_payment SET state = 'completed' WHERE id = 1001 + :n * 10;
UPDATE sylius_order SET payment_state = 'paid' WHERE id = 1000 + :n * 10;

-- lacks change: only the items of a cart change.

-- step ship
UPDATE sylius_shipment SET state = 'shipped', shipped_at = now() WHERE id = 1000 + :n * 10;
UPDATE sylius_order SET shipping_state = 'partially_shipped' WHERE id = 1000 + :n * 10;

-- lacks return: there are no returns.

-- step refund
UPDATE sylius_payment SET state = 'refunded' WHERE id = 1001 + :n * 10;
UPDATE sylius_order SET payment_state = 'partially_refunded' WHERE id = 1000 + :n * 10;

-- note refund: a payment is refunded as a whole.

-- step cancel
UPDATE sylius_payment SET state = 'cancelled' WHERE id = 1002 + :n * 10;
UPDATE sylius_shipment SET state = 'cancelled' WHERE id = 1002 + :n * 10;
UPDATE sylius_order SET state = 'cancelled', payment_state = 'cancelled', shipping_state = 'cancelled' WHERE id = 1001 + :n * 10;

-- step delete
DELETE FROM sylius_order WHERE id = 1002 + :n * 10;

-- note delete: only carts are deleted, and they hold no stock.
