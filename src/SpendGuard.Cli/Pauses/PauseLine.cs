using SpendGuard.Cli.Connection;
using Spectre.Console;

namespace SpendGuard.Cli.Pauses;

/// <summary>Who has paused a node, where it is listed.</summary>
internal static class PauseLine
{
    /// <summary>For <c>paused_by=</c>; null of a node that goes on.</summary>
    public static string? By(PauseView? pause) => pause is null ? null : pause.By ?? "?";

    /// <summary>For a column of a table; empty of a node that goes on.</summary>
    public static Text Cell(PauseView? pause) => new(pause is null ? "" : $"by {By(pause)}", new Style(Color.Red));
}
