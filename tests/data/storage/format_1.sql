-- A file of format 1, as SQLite's shell dumps one: a table of two rows.
BEGIN TRANSACTION;
CREATE TABLE catalog_version(schema_version INTEGER NOT NULL, last_id INTEGER NOT NULL) STRICT;
INSERT INTO catalog_version VALUES(2,87);
CREATE TABLE catalog_databases(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, guid TEXT NOT NULL) STRICT;
INSERT INTO catalog_databases VALUES(83,'old','5f73f32d-d39f-4d16-a361-a9b7db06beaf');
CREATE TABLE catalog_schemas(
  id INTEGER PRIMARY KEY, database_id INTEGER NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL
) STRICT;
INSERT INTO catalog_schemas VALUES(84,83,'falcon_default_schema','d3a46e08-c32f-4311-9b5f-57f4d59957ae');
CREATE TABLE catalog_tables(
  id INTEGER PRIMARY KEY, schema_id INTEGER NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL,
  kind INTEGER NOT NULL, shards INTEGER, load_priority INTEGER NOT NULL,
  live_schema_version INTEGER NOT NULL, data_version INTEGER NOT NULL) STRICT;
INSERT INTO catalog_tables VALUES(85,84,'kept','e37f7117-e057-4b52-81d5-c5f6a9095aa9',0,NULL,50,0,0);
CREATE TABLE catalog_columns(
  table_id INTEGER, position INTEGER, id INTEGER NOT NULL, name TEXT NOT NULL, guid TEXT NOT NULL,
  type INTEGER NOT NULL, length INTEGER NOT NULL, default_text TEXT, parsing_hint TEXT NOT NULL,
  not_null INTEGER NOT NULL, PRIMARY KEY (table_id, position)) STRICT, WITHOUT ROWID;
INSERT INTO catalog_columns VALUES(85,0,86,'id','05a4bdc1-d446-4704-9375-1402de02fb03',2,0,NULL,'',0);
INSERT INTO catalog_columns VALUES(85,1,87,'name','a9677546-4a91-4805-b0ce-efa94b9d93cb',6,0,NULL,'',0);
CREATE TABLE catalog_key_columns(
  table_id INTEGER, role INTEGER, ordinal INTEGER, position INTEGER NOT NULL,
  PRIMARY KEY (table_id, role, ordinal)) STRICT, WITHOUT ROWID;
INSERT INTO catalog_key_columns VALUES(85,0,0,0);
CREATE TABLE catalog_foreign_keys(
  table_id INTEGER, ordinal INTEGER, id INTEGER NOT NULL, name TEXT NOT NULL,
  target_table INTEGER NOT NULL, PRIMARY KEY (table_id, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_foreign_key_columns(
  table_id INTEGER, foreign_key INTEGER, ordinal INTEGER, position INTEGER NOT NULL,
  target_position INTEGER NOT NULL, PRIMARY KEY (table_id, foreign_key, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE catalog_relationships(
  table_id INTEGER, ordinal INTEGER, id INTEGER NOT NULL, name TEXT NOT NULL,
  target_table INTEGER NOT NULL, condition TEXT NOT NULL, PRIMARY KEY (table_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE t85(c86 INTEGER, c87 TEXT) STRICT;
INSERT INTO t85 VALUES(1,'one');
INSERT INTO t85 VALUES(2,'two');
CREATE UNIQUE INDEX k85 ON t85(c86);
CREATE UNIQUE INDEX n85 ON t85(ifnull(c86, x'')) WHERE c86 IS NULL;
COMMIT;
PRAGMA application_id=1414614091;
PRAGMA user_version=1;
