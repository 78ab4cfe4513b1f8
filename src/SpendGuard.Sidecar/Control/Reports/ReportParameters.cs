using SpendGuard.Budgets;
using SpendGuard.Names;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Control.Reports;

/// <summary>What a report is asked for, out of a request's query.</summary>
internal static class ReportParameters
{
    private static readonly (string Name, ReportBy By)[] All =
    [
        ("agent", ReportBy.Agent), ("model", ReportBy.Model), ("day", ReportBy.Day), ("run", ReportBy.Run), ("function", ReportBy.Function), ("group", ReportBy.Group),
    ];

    public static IReadOnlyList<string> Names(ReportBy by) => [.. All.Where(one => (by & one.By) != ReportBy.All).Select(one => one.Name)];

    /// <exception cref="BadRequestException">Some of it is not understood.</exception>
    public static ReportQuery Of(string? by, string? since, string? until)
    {
        var query = new ReportQuery { By = By(by), Since = Time("since", since), Until = Time("until", until) };
        return query.Until <= query.Since ? throw new BadRequestException("'until' has to be later than 'since'.") : query;
    }

    private static ReportBy By(string? text)
    {
        var by = string.IsNullOrEmpty(text)
            ? ReportBy.Agent
            : text.Split(',', StringSplitOptions.TrimEntries).Aggregate(ReportBy.All, (sum, name) => sum | (All.FirstOrDefault(one => one.Name == name) is { Name: not null } known
                ? known.By
                : throw new BadRequestException($"'by' has to be one or several of {string.Join(", ", All.Select(one => one.Name))}, separated by commas.")));
        return (by & ReportBy.Group) == ReportBy.All || by == ReportBy.Group ? by : throw new BadRequestException("'by' is group, or something else, and not both.");
    }

    private static DateTimeOffset? Time(string name, string? text) => string.IsNullOrEmpty(text) ? null
        : WrittenTime.TryParse(text, out var time) ? time
        : throw new BadRequestException($"'{name}' has to be a day such as 2026-11-01 or a time such as 2026-11-01T12:00:00Z.");
}
