-- What happens to two orders of eShop. :n is a number; each number has orders of its own.

-- step place
INSERT INTO ordering.orders ("Id", "OrderStatus", "OrderDate")
VALUES (1000 + :n * 10, 'Submitted', now()), (1001 + :n * 10, 'Submitted', now());
INSERT INTO ordering."orderItems" ("Id", "OrderId", "ProductId", "Discount", "ProductName", "UnitPrice", "Units")
VALUES (1000 + :n * 10, 1000 + :n * 10, 7, 0, 'Mug', 8.5, 2), (1001 + :n * 10, 1000 + :n * 10, 8, 0, 'Shirt', 19.95, 1),
       (1002 + :n * 10, 1001 + :n * 10, 7, 0, 'Mug', 8.5, 1);
UPDATE ordering.orders SET "OrderStatus" = 'StockConfirmed' WHERE "Id" IN (1000 + :n * 10, 1001 + :n * 10);

-- step pay1
UPDATE ordering.orders SET "OrderStatus" = 'Paid' WHERE "Id" = 1000 + :n * 10;

-- note pay1: the status says that the order is paid; there is no table of payments.
-- lacks pay2: an order is paid at once.
-- lacks change: the items of an order never change.

-- step ship
UPDATE ordering.orders SET "OrderStatus" = 'Shipped' WHERE "Id" = 1000 + :n * 10;

-- note ship: an order is shipped as a whole.
-- lacks return: there are no returns.
-- lacks refund: there are no refunds.

-- step cancel
UPDATE ordering.orders SET "OrderStatus" = 'Cancelled' WHERE "Id" = 1001 + :n * 10;

-- lacks delete: orders are never deleted.
