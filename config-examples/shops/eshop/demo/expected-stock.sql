-- eShop confirms the stock of an order, and ships an order as a whole.
SELECT i."ProductId"::text AS sku,
       coalesce(sum(i."Units") FILTER (WHERE o."OrderStatus" IN ('StockConfirmed', 'Paid')), 0) AS reserved,
       coalesce(-sum(i."Units") FILTER (WHERE o."OrderStatus" = 'Shipped'), 0) AS moved
  FROM ordering."orderItems" i JOIN ordering.orders o ON o."Id" = i."OrderId"
 GROUP BY 1;
