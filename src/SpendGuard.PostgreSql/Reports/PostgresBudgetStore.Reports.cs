using SpendGuard.Budgets;
using SpendGuard.PostgreSql.Reports;
using SpendGuard.PostgreSql.Rows;
using SpendGuard.Storage;

namespace SpendGuard.PostgreSql;

/// <content>Reports.</content>
public sealed partial class PostgresBudgetStore
{
    /// <summary>As many lines as are read well within a time-out.</summary>
    private const long LinesAtOnce = 20_000;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ReportRow>> ReportAsync(ReportQuery query, CancellationToken cancellationToken)
    {
        var fold = new ReportFold(query);
        var after = 0L;
        List<LedgerEntry> page;
        do
        {
            page = await ReadAsync(
                ReportSql.ReadLines, command => command.With(after).With(LinesAtOnce), ReportRows.ReadLine, cancellationToken).ConfigureAwait(false);
            foreach (var entry in page)
            {
                fold.Add(entry);
                after = entry.Sequence;
            }
        }
        while (page.Count == LinesAtOnce);

        return await StoreReports.CloseAsync(this, fold, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CountRefusalsAsync(IReadOnlyList<RefusalCount> refusals, CancellationToken cancellationToken) => await ReadAsync(
        ReportSql.CountRefusals,
        command => command
            .With(refusals, refusal => refusal.Day.DayNumber)
            .With(refusals, refusal => refusal.Agent.Value)
            .With(refusals, refusal => refusal.Run?.Value ?? "")
            .With(refusals, refusal => refusal.Model ?? "")
            .With(refusals, refusal => refusal.Function ?? "")
            .With(refusals, refusal => refusal.Reason)
            .With(refusals, refusal => refusal.Count),
        static _ => true,
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RefusalCount>> ReadRefusalsAsync(CancellationToken cancellationToken) => await ReadAsync(
        ReportSql.ReadRefusals, static command => command, ReportRows.ReadRefusal, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerEntry>> ReadLedgerBackAsync(
        long? beforeSequence, AgentId? agent, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(
            agent is null ? PostgresSql.ReadLedgerBack : PostgresSql.ReadLedgerOfAgentBack,
            command => OfAgent(command.With(beforeSequence ?? long.MaxValue).With((long)Math.Max(0, limit)), agent),
            PostgresRows.ReadEntry,
            cancellationToken).ConfigureAwait(false);
}
