-- The warehouse's initial stock.
INSERT INTO stock (sku, on_hand)
SELECT 'SKU-' || to_char(n, 'FM0000'), 1000 FROM generate_series(1, 100) AS n
ON CONFLICT DO NOTHING;
