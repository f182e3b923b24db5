${touched_declarations}
${unstamped_declarations}
  orderflow_existing bigint;
  orderflow_done text;
