-- What happens to two orders of TPC-C. :n is a number; each number has orders of its own.

-- step place
INSERT INTO oorder (o_w_id, o_d_id, o_id, o_c_id, o_ol_cnt, o_all_local)
VALUES (1, 1, 4000 + :n * 10, 5, 2, 0), (2, 3, 4000 + :n * 10, 6, 1, 1);
INSERT INTO order_line (ol_w_id, ol_d_id, ol_o_id, ol_number, ol_i_id, ol_amount, ol_supply_w_id, ol_quantity, ol_dist_info)
VALUES (1, 1, 4000 + :n * 10, 1, 1, 99.75, 1, 5, 'x'), (1, 1, 4000 + :n * 10, 2, 1, 59.85, 2, 3, 'x'),
       (2, 3, 4000 + :n * 10, 1, 1, 19.90, 2, 2, 'x');

-- lacks pay1: customers pay, not orders.
-- lacks pay2: customers pay, not orders.
-- lacks change: the lines of an order never change.

-- step ship
UPDATE oorder SET o_carrier_id = 3 WHERE (o_w_id, o_d_id, o_id) = (1, 1, 4000 + :n * 10);
UPDATE order_line SET ol_delivery_d = now() WHERE (ol_w_id, ol_d_id, ol_o_id) = (1, 1, 4000 + :n * 10);

-- note ship: an order is delivered as a whole.
-- lacks return: there are no returns.
-- lacks refund: there are no refunds.
-- lacks cancel: orders are never cancelled.
-- lacks delete: orders are never deleted.
