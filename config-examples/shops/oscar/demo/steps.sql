-- What happens to three orders of Oscar. :n is a number; each number has orders of its own.

-- step place
INSERT INTO order_order (id, number, currency, total_incl_tax, total_excl_tax, shipping_incl_tax, shipping_excl_tax, shipping_method, shipping_code, status, guest_email, date_placed, analytics_tracked)
SELECT 1000 + :n * 10 + k, 'n' || 1000 + :n * 10 + k, 'GBP', 59.94, 59.94, 0, 0, 'Free', 'free', 'Pending', '', now(), false FROM generate_series(0, 2) AS k;
INSERT INTO order_line (id, order_id, partner_id, partner_name, partner_sku, partner_line_reference, partner_line_notes, stockrecord_id, title, quantity, line_price_incl_tax, line_price_excl_tax, status, num_allocated, allocation_cancelled)
SELECT 1000 + :n * 10 + k, 1000 + :n * 10 + o, p, 'P', s, '', '', r, 'Book', q, 9.99 * q, 9.99 * q, 'Pending', q, false
  FROM (VALUES (0, 0, 1, 'BOOK-1', 1, 3), (1, 0, 2, 'BOOK-1', 2, 1), (2, 0, 1, 'BOOK-2', NULL, 2), (3, 1, 1, 'BOOK-1', 1, 2), (4, 2, 1, 'BOOK-2', NULL, 4)) AS v (k, o, p, s, r, q);

-- step pay1
INSERT INTO payment_source (id, order_id, source_type_id, currency, amount_allocated, amount_debited, amount_refunded, reference, label)
VALUES (1000 + :n * 10, 1000 + :n * 10, 1, 'GBP', 40, 40, 0, 'ch_' || :n, '');

-- step pay2
INSERT INTO payment_source (id, order_id, source_type_id, currency, amount_allocated, amount_debited, amount_refunded, reference, label)
VALUES (1001 + :n * 10, 1000 + :n * 10, 2, 'GBP', 19.94, 19.94, 0, 'gc_' || :n, '');

-- step change
UPDATE order_line SET status = 'Cancelled', num_allocated = 0, allocation_cancelled = true WHERE id = 1001 + :n * 10;
UPDATE order_order SET total_incl_tax = 49.95, total_excl_tax = 49.95 WHERE id = 1000 + :n * 10;

-- note change: a line is cancelled; its quantity never changes.

-- step ship
UPDATE order_line SET status = 'Shipped', num_allocated = 0 WHERE id = 1000 + :n * 10;
UPDATE order_order SET status = 'Being processed' WHERE id = 1000 + :n * 10;

-- step return
UPDATE order_line SET status = 'Returned' WHERE id = 1000 + :n * 10;

-- note return: a line is returned as a whole.

-- step refund
UPDATE payment_source SET amount_refunded = 15 WHERE id = 1000 + :n * 10;

-- step cancel
UPDATE order_order SET status = 'Cancelled' WHERE id = 1001 + :n * 10;
UPDATE order_line SET status = 'Cancelled', num_allocated = 0, allocation_cancelled = true WHERE order_id = 1001 + :n * 10;

-- step delete
DELETE FROM order_line WHERE order_id = 1002 + :n * 10;
DELETE FROM order_order WHERE id = 1002 + :n * 10;
