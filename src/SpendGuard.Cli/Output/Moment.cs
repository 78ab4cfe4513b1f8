namespace SpendGuard.Cli.Output;

/// <summary>Moments in ISO 8601, in UTC, to the second.</summary>
internal static class Moment
{
    public static string Of(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") ?? "";
}
