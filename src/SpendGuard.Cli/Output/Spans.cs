namespace SpendGuard.Cli.Output;

/// <summary>Lengths of time as people say them: two units at most.</summary>
internal static class Spans
{
    public static string Of(TimeSpan span) => span.Duration() switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 2 } seconds => $"{seconds.TotalSeconds:0} s",
        { TotalHours: < 2 } minutes => $"{minutes.TotalMinutes:0} min",
        { TotalDays: < 2 } hours => $"{hours.TotalHours:0} h",

        // As the log of the sidecar counts them: a day is one when it is over.
        var days => $"{Math.Floor(days.TotalDays):0} days",
    };
}
