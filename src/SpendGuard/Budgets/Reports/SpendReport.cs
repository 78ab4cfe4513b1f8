using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Budgets;

/// <summary>Who spent what.</summary>
/// <param name="Query">What was asked for.</param>
/// <param name="Rows">The rows: days in their order, everything else by what it cost, dearest first.</param>
/// <param name="Total">All of them.</param>
[Experimental(ApiTier.Adapters)]
public sealed record SpendReport(ReportQuery Query, IReadOnlyList<ReportRow> Rows, ReportRow Total);
