ALTER TABLE "public"."order_inventory" ADD COLUMN backordered bigint[];
