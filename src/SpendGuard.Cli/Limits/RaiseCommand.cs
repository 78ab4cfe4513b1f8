using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Limits;

/// <summary>The command that raises a limit, and leaves the rest of it as it is.</summary>
internal static class RaiseCommand
{
    private const string Rolling = "rolling-";

    /// <param name="node">Whose limit it is.</param>
    /// <param name="isAgent">Whether that is an agent, whose total is its budget.</param>
    /// <param name="limit">The limit.</param>
    public static string Of(string node, bool isAgent, LimitView limit)
    {
        if (isAgent && limit.Window == "total")
        {
            return $"spendguard budget set --agent {node} --limit CENTS --topup CENTS";
        }

        var window = limit.Window.StartsWith(Rolling, StringComparison.Ordinal) ? $"--rolling {limit.Window[Rolling.Length..]}" : $"--per {limit.Window}";
        return $"spendguard limit set {node} {window}{(limit.Zone is { } zone ? $" --zone {zone}" : "")}{Action(limit)}{AlertAt(limit)} --amount-cents CENTS";
    }

    private static string Action(LimitView limit) => limit.Action switch
    {
        "pause" => " --pauses",
        "ask" => " --asks",
        _ => "",
    };

    private static string AlertAt(LimitView limit) => limit.AlertAt switch
    {
        null or [80, 100] => "",
        [] => " --alert-at ,",
        var percentages => $" --alert-at {string.Join(',', percentages)}",
    };
}
