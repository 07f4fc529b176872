"""A payment of a charge moves no index of it; receipt numbers are indexed where there are any."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0016_push'),
    ]

    operations = [
        migrations.RemoveIndex("charge", "charge_open_amount"),
        migrations.AddIndex("charge", models.Index(condition=Q(("due_date__isnull", False)), fields=["provider", "due_date", "amount"], name="charge_amount")),
        migrations.RunSQL("ALTER TABLE charge SET (fillfactor = 80)", "ALTER TABLE charge RESET (fillfactor)"),
        migrations.RemoveConstraint("payment", "payment_receipt_number_once"),
        migrations.AddConstraint("payment", models.UniqueConstraint(condition=Q(("receipt_number__isnull", False)), fields=("provider", "receipt_number"), name="payment_receipt_number_once")),
    ]
