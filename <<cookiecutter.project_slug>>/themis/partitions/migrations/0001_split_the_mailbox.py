from django.db import migrations

TABLE = "themis_usernotification"
PARTITIONS = 8

INDEXES = f"""
SELECT pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = '{TABLE}'::regclass AND NOT indisprimary"""

FOREIGN_KEYS = f"""
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = '{TABLE}'::regclass AND contype = 'f'"""


def split(apps, schema_editor):
    partitions = [
        f"CREATE TABLE {TABLE}_{number} PARTITION OF {TABLE} "
        f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
        for number in range(PARTITIONS)
    ]
    # A unique key of a partitioned table must include the partition key.
    rewrite(schema_editor, "PARTITION BY HASH (user_id)", partitions, "id, user_id")


def join(apps, schema_editor):
    rewrite(schema_editor, "", [], "id")


def rewrite(schema_editor, kind, partitions, primary_key):
    """Move all rows to a new table with the same columns, indexes and constraints."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {TABLE}")
        cursor.execute(INDEXES)
        indexes = [index for [index] in cursor.fetchall()]
        cursor.execute(FOREIGN_KEYS)
        foreign_keys = cursor.fetchall()
        statements = [
            f"ALTER TABLE {TABLE} RENAME TO {TABLE}_before",
            f"CREATE TABLE {TABLE} (LIKE {TABLE}_before INCLUDING CONSTRAINTS "
            f"INCLUDING DEFAULTS INCLUDING IDENTITY) {kind}",
            *partitions,
            f"INSERT INTO {TABLE} SELECT * FROM {TABLE}_before",
            f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), "
            f"nextval(pg_get_serial_sequence('{TABLE}_before', 'id')), false)",
            f"DROP TABLE {TABLE}_before",
            f"ALTER TABLE {TABLE} ADD PRIMARY KEY ({primary_key})",
            *(
                f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {definition}"
                for name, definition in foreign_keys
            ),
            *indexes,
            f"ANALYZE {TABLE}",
        ]
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    """Partition the table of notifications by user. It is locked meanwhile."""

    dependencies = [("themis", "0001_initial")]
    operations = [migrations.RunPython(split, join)]
