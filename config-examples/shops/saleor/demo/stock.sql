INSERT INTO stock (sku, on_hand)
VALUES ('APPLE-1', 100000), ('UHJvZHVjdFZhcmlhbnQ6Mzg1', 100000), ('UHJvZHVjdFZhcmlhbnQ6OTk5', 100000);
