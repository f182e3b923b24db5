-- What happens to three orders of Saleor. :n is a number; each number has orders of its own.

-- step place
INSERT INTO order_order
SELECT ('20000000-0000-0000-0000-' || lpad((:n * 10 + k)::text, 12, '0'))::uuid, 1000 + :n * 10 + k, false, now(), now(), NULL, 'unfulfilled', 'none', 'none', NULL,
       'a@example.com', 'checkout', 'USD', 1, 5, 54.850, 59.850, 0, 0, 1.5, '{}', '{}', '', NULL, NULL
  FROM generate_series(0, 2) AS k;
INSERT INTO order_orderline (id, created_at, order_id, variant_id, product_name, variant_name, product_sku, product_variant_id, is_shipping_required, is_gift_card, is_gift, quantity, quantity_fulfilled, currency, unit_price_gross_amount, total_price_gross_amount)
SELECT ('30000000-0000-0000-0000-' || lpad((:n * 10 + l)::text, 12, '0'))::uuid, now(), ('20000000-0000-0000-0000-' || lpad((:n * 10 + o)::text, 12, '0'))::uuid,
       v, 'p', '', s, g, true, false, false, q, 0, 'USD', 19.95, 19.95 * q
  FROM (VALUES (0, 0, 384, 'APPLE-1', 'UHJvZHVjdFZhcmlhbnQ6Mzg0', 3), (1, 0, 385, NULL, 'UHJvZHVjdFZhcmlhbnQ6Mzg1', 2), (2, 0, 390, 'EBOOK', 'UHJvZHVjdFZhcmlhbnQ6Mzkw', 1),
               (3, 1, 384, 'APPLE-1', 'UHJvZHVjdFZhcmlhbnQ6Mzg0', 2), (4, 2, 385, NULL, 'UHJvZHVjdFZhcmlhbnQ6Mzg1', 1)) AS v (l, o, v, s, g, q);

-- step pay1
INSERT INTO payment_payment (id, gateway, is_active, created_at, modified_at, charge_status, total, captured_amount, currency, order_id, psp_reference)
VALUES (1000 + :n * 10, 'stripe', true, now(), now(), 'fully-charged', 40, 40, 'USD', ('20000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid, 'ch_' || :n);
UPDATE order_order SET charge_status = 'partial', total_charged_amount = 40 WHERE number = 1000 + :n * 10;

-- step pay2
INSERT INTO payment_payment (id, gateway, is_active, created_at, modified_at, charge_status, total, captured_amount, currency, order_id, psp_reference)
VALUES (1001 + :n * 10, 'giftcard', true, now(), now(), 'fully-charged', 19.85, 19.85, 'USD', ('20000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid, 'gc_' || :n);
UPDATE order_order SET charge_status = 'full', total_charged_amount = 59.85 WHERE number = 1000 + :n * 10;

-- step change
UPDATE order_orderline SET quantity = 5, total_price_gross_amount = 99.75 WHERE id = ('30000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid;
UPDATE order_order SET total_gross_amount = 99.750, charge_status = 'partial' WHERE number = 1000 + :n * 10;

-- step ship
INSERT INTO order_fulfillment (id, fulfillment_order, order_id, status, created_at)
VALUES (1000 + :n * 10, 1, ('20000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid, 'fulfilled', now());
INSERT INTO order_fulfillmentline (id, order_line_id, fulfillment_id, quantity)
VALUES (1000 + :n * 10, ('30000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid, 1000 + :n * 10, 3);
UPDATE order_orderline SET quantity_fulfilled = 3 WHERE id = ('30000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid;
UPDATE order_order SET status = 'partially fulfilled' WHERE number = 1000 + :n * 10;

-- step return
INSERT INTO order_fulfillment (id, fulfillment_order, order_id, status, created_at)
VALUES (1001 + :n * 10, 2, ('20000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid, 'returned', now());
UPDATE order_fulfillmentline SET quantity = 2 WHERE id = 1000 + :n * 10;
INSERT INTO order_fulfillmentline (id, order_line_id, fulfillment_id, quantity)
VALUES (1001 + :n * 10, ('30000000-0000-0000-0000-' || lpad((:n * 10)::text, 12, '0'))::uuid, 1001 + :n * 10, 1);
UPDATE order_order SET status = 'partially_returned' WHERE number = 1000 + :n * 10;

-- step refund
UPDATE payment_payment SET charge_status = 'partially-refunded', captured_amount = 20.05, modified_at = now() WHERE id = 1000 + :n * 10;
UPDATE order_order SET total_charged_amount = 39.90 WHERE number = 1000 + :n * 10;

-- step cancel
UPDATE order_order SET status = 'canceled' WHERE number = 1001 + :n * 10;

-- step delete
UPDATE order_order SET status = 'expired', expired_at = now() WHERE number = 1002 + :n * 10;
DELETE FROM order_orderline WHERE order_id = ('20000000-0000-0000-0000-' || lpad((:n * 10 + 2)::text, 12, '0'))::uuid;
DELETE FROM order_order WHERE number = 1002 + :n * 10;

-- note delete: an order that was not paid expires, and expired orders are deleted.
