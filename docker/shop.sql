-- A shop at work: each second two new orders are placed, and two existing ones change. psql repeats the statement (\watch);
-- each time it is one transaction.
WITH incoming AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('orders', 'id')) AS id, 'customer-' || floor(random() * 50) AS customer
    FROM generate_series(1, 2)
), line AS MATERIALIZED (
    SELECT id, line_no, 'SKU-' || to_char(1 + floor(random() * 100), 'FM0000') AS sku,
           1 + floor(random() * 3)::integer AS quantity, round((5 + random() * 95)::numeric, 2) AS unit_price
    FROM incoming, generate_series(1, 3) AS line_no
), placed AS (
    INSERT INTO orders (id, customer, total, currency)
    SELECT id, customer, sum(quantity * unit_price), 'EUR' FROM incoming JOIN line USING (id) GROUP BY id, customer
    RETURNING id
), lines AS (
    INSERT INTO order_items (order_id, line_no, sku, quantity, unit_price) SELECT * FROM line
), moved AS (
    UPDATE orders
    SET status = CASE WHEN status = 'PAID' THEN 'SHIPPED' WHEN random() < 0.1 THEN 'CANCELLED' ELSE 'PAID' END,
        version = version + 1, updated_at = now()
    WHERE id IN (SELECT id FROM orders WHERE status IN ('PENDING', 'PAID') ORDER BY random() LIMIT 2)
    RETURNING id
)
SELECT (SELECT count(*) FROM placed) AS placed, (SELECT count(*) FROM moved) AS moved \watch 1
