-- What happens to three orders of Medusa. :n is a number; each number has orders of its own.

-- step place
INSERT INTO "order" (id, status, currency_code) VALUES ('order_A' || :n, 'pending', 'usd'), ('order_B' || :n, 'pending', 'usd'), ('order_C' || :n, 'pending', 'usd');
INSERT INTO order_line_item (id, title, variant_id, variant_sku, requires_shipping, is_discountable, is_tax_inclusive, unit_price, raw_unit_price)
SELECT 'ordli_' || l || :n, l, v, s, true, true, false, 19.95, '{"value":"19.95"}'
  FROM (VALUES ('A', 'variant_1', 'SHIRT-S'), ('B', 'variant_2', 'CAP'), ('C', NULL, NULL), ('D', 'variant_1', 'SHIRT-S'), ('E', 'variant_2', 'CAP')) AS v (l, v, s);
INSERT INTO order_item
SELECT 'orditem_' || l || '1_' || :n, 'order_' || o || :n, 1, 'ordli_' || l || :n, 19.95, '{}', q, '{}', 0, '{}', 0, '{}', 0, '{}', 0, '{}', 0, '{}', 0, '{}', 0, '{}', NULL, now(), now(), NULL
  FROM (VALUES ('A', 'A', 3), ('B', 'A', 1), ('C', 'A', 1), ('D', 'B', 2), ('E', 'C', 1)) AS v (l, o, q);
INSERT INTO order_summary (id, order_id, version, totals)
SELECT 'ordsum_' || o || '1_' || :n, 'order_' || o || :n, 1, jsonb_build_object('current_order_total', t) FROM (VALUES ('A', 99.75), ('B', 39.90), ('C', 19.95)) AS v (o, t);

-- step pay1
INSERT INTO order_transaction (id, order_id, amount, raw_amount, currency_code, reference, reference_id)
VALUES ('ordtrx_A' || :n, 'order_A' || :n, 60, '{}', 'usd', 'capture', 'capt_A' || :n);

-- step pay2
INSERT INTO order_transaction (id, order_id, amount, raw_amount, currency_code, reference, reference_id)
VALUES ('ordtrx_B' || :n, 'order_A' || :n, 39.75, '{}', 'usd', 'capture', 'capt_B' || :n);

-- step change
UPDATE "order" SET version = 2, updated_at = now() WHERE id = 'order_A' || :n;
INSERT INTO order_item
SELECT replace(id, '1_', '2_'), order_id, 2, item_id, unit_price, raw_unit_price, CASE WHEN item_id LIKE 'ordli\_A%' THEN 5 ELSE quantity END, '{}',
       fulfilled_quantity, '{}', delivered_quantity, '{}', shipped_quantity, '{}', return_requested_quantity, '{}', return_received_quantity, '{}',
       return_dismissed_quantity, '{}', written_off_quantity, '{}', NULL, now(), now(), NULL
  FROM order_item WHERE order_id = 'order_A' || :n AND version = 1;
INSERT INTO order_summary (id, order_id, version, totals) VALUES ('ordsum_A2_' || :n, 'order_A' || :n, 2, '{"current_order_total": 139.65}');

-- step ship
UPDATE "order" SET version = 3, updated_at = now() WHERE id = 'order_A' || :n;
INSERT INTO order_item
SELECT replace(id, '2_', '3_'), order_id, 3, item_id, unit_price, raw_unit_price, quantity, '{}',
       CASE WHEN item_id LIKE 'ordli\_A%' THEN 3 ELSE 0 END, '{}', 0, '{}', CASE WHEN item_id LIKE 'ordli\_A%' THEN 3 ELSE 0 END, '{}', return_requested_quantity, '{}',
       return_received_quantity, '{}', return_dismissed_quantity, '{}', written_off_quantity, '{}', NULL, now(), now(), NULL
  FROM order_item WHERE order_id = 'order_A' || :n AND version = 2;
INSERT INTO order_summary (id, order_id, version, totals) VALUES ('ordsum_A3_' || :n, 'order_A' || :n, 3, '{"current_order_total": 139.65}');

-- step return
UPDATE "order" SET version = 4, updated_at = now() WHERE id = 'order_A' || :n;
INSERT INTO order_item
SELECT replace(id, '3_', '4_'), order_id, 4, item_id, unit_price, raw_unit_price, quantity, '{}',
       fulfilled_quantity, '{}', delivered_quantity, '{}', shipped_quantity, '{}', CASE WHEN item_id LIKE 'ordli\_A%' THEN 2 ELSE 0 END, '{}',
       CASE WHEN item_id LIKE 'ordli\_A%' THEN 1 ELSE 0 END, '{}', CASE WHEN item_id LIKE 'ordli\_A%' THEN 1 ELSE 0 END, '{}', written_off_quantity, '{}', NULL, now(), now(), NULL
  FROM order_item WHERE order_id = 'order_A' || :n AND version = 3;
INSERT INTO order_summary (id, order_id, version, totals) VALUES ('ordsum_A4_' || :n, 'order_A' || :n, 4, '{"current_order_total": 119.70}');

-- note return: two pieces come back, one of them damaged.

-- step refund
INSERT INTO order_transaction (id, order_id, amount, raw_amount, currency_code, reference, reference_id)
VALUES ('ordtrx_C' || :n, 'order_A' || :n, -19.95, '{}', 'usd', 'refund', 'ref_' || :n);

-- step cancel
UPDATE "order" SET status = 'canceled', canceled_at = now(), updated_at = now() WHERE id = 'order_B' || :n;

-- step delete
UPDATE order_item SET deleted_at = now() WHERE order_id = 'order_C' || :n;
UPDATE order_summary SET deleted_at = now() WHERE order_id = 'order_C' || :n;
UPDATE "order" SET deleted_at = now() WHERE id = 'order_C' || :n;

-- note delete: rows remain, with a time of deletion.
