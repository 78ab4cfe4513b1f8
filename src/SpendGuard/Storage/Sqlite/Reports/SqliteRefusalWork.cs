using SpendGuard.Budgets;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Refusals to be counted.</summary>
internal sealed class SqliteRefusalWork(IReadOnlyList<RefusalCount> refusals) : SqliteWork<bool>
{
    public override bool Writes => true;

    public override void Decide(SqliteSession session)
    {
    }

    public override void Write(SqliteSession session)
    {
        session.Reports.Count(refusals);
        Answer = true;
    }
}
