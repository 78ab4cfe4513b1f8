using Npgsql;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql.Approvals;

/// <summary>Writes what a batch has changed of requests for approval and of identical calls.</summary>
internal sealed class ApprovalWriter(string tenant)
{
    public void Add(NpgsqlBatch batch, ApprovalChanges changes)
    {
        if (changes.Approvals is { Count: > 0 } approvals)
        {
            batch.Add(ApprovalSql.SaveApprovals).With(tenant)
                .With(approvals, approval => approval.Id.Value)
                .With(approvals, approval => approval.Agent.Value)
                .With(approvals, approval => approval.Node.Value)
                .With(approvals, approval => approval.Limit)
                .With(approvals, approval => approval.Number)
                .With(approvals, approval => approval.Need.Microcents)
                .With(approvals, approval => approval.Run?.Value)
                .With(approvals, approval => approval.Model)
                .With(approvals, approval => approval.AskedAt.UtcTicks)
                .With(approvals, approval => StoredNames.ToText(approval.State))
                .With(approvals, approval => approval.DecidedAt?.UtcTicks)
                .With(approvals, approval => approval.By)
                .With(approvals, approval => approval.Reason)
                .With(approvals, approval => approval.Added.Microcents)
                .With(approvals, approval => approval.Until?.UtcTicks);
        }

        if (changes.Streaks is { Count: > 0 } streaks)
        {
            batch.Add(ApprovalSql.SaveStreaks).With(tenant)
                .With(streaks, streak => streak.Agent.Value)
                .With(streaks, streak => streak.Run.Value)
                .With(streaks, streak => streak.Fingerprint.Value)
                .With(streaks, streak => streak.Count);
        }
    }
}
