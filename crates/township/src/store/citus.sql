-- Spreads the tables of schema.sql over the machines of a Citus cluster. All rows of a village come to lie together: every
-- statement of ours names the village and is answered by one machine.
SELECT create_distributed_table('lianhu.state', 'village');
SELECT create_distributed_table('lianhu.run', 'village', colocate_with => 'lianhu.state');
SELECT create_distributed_table('lianhu.receipt', 'village', colocate_with => 'lianhu.state');
SELECT create_distributed_table('lianhu.block', 'village', colocate_with => 'lianhu.state');
SELECT create_distributed_table('lianhu.living', 'village', colocate_with => 'lianhu.state');
SELECT create_distributed_table('lianhu.paper', 'village', colocate_with => 'lianhu.state');
