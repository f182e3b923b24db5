EXISTS (
  SELECT FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_attribute AS s ON s.attrelid = a.attrelid AND s.attname = 'ctid' AND s.attnum < 0
  WHERE a.attrelid = ${table} AND a.attnum > 0 AND a.xmin = s.xmin AND a.cmin = s.cmin
    AND a.xmax = '0' AND s.xmax = '0')
