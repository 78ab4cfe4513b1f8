using Npgsql;
using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Commits;
using SpendGuard.PostgreSql.Rows;

namespace SpendGuard.PostgreSql.Notices;

/// <summary>Has a commit tell whoever listens that a tenant's pauses or approvals have changed.</summary>
internal static class NoticeWriter
{
    private const string Notify = $"SELECT pg_notify('{TenantNotices.Channel}', $1)";

    /// <summary>Adds the statement, where there is something to tell. The server tells it when it has committed.</summary>
    public static void Add(NpgsqlBatch batch, string tenant, WorkingSet work)
    {
        if (work.Entries.Any(entry => IsTold(entry.Kind)))
        {
            batch.Add(Notify).With(tenant);
        }
    }

    private static bool IsTold(LedgerEntryKind kind) =>
        kind is LedgerEntryKind.Paused or LedgerEntryKind.Resumed or LedgerEntryKind.Approved or LedgerEntryKind.Denied;
}
