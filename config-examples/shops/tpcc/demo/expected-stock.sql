-- TPC-C delivers the lines of an order; each line has a time of delivery. Stock is kept per warehouse and item.
SELECT ol_supply_w_id || ':' || ol_i_id AS sku,
       coalesce(sum(ol_quantity) FILTER (WHERE ol_delivery_d IS NULL), 0) AS reserved,
       coalesce(-sum(ol_quantity) FILTER (WHERE ol_delivery_d IS NOT NULL), 0) AS moved
  FROM order_line
 GROUP BY 1;
