using SpendGuard.Cli.Connection;
using Spectre.Console;

namespace SpendGuard.Cli.Pauses;

/// <summary>Who has paused a node, where it is listed.</summary>
internal static class PauseLine
{
    /// <summary>For <c>paused_by=</c>; null of a node that goes on.</summary>
    public static string? By(PauseView? pause) => pause is null ? null : pause.By ?? "?";

    /// <summary>For a column of a table; empty of a node that goes on.</summary>
    /// <param name="pause">Its own pause.</param>
    /// <param name="above">That of the nearest group above it that is paused.</param>
    public static Text Cell(PauseView? pause, PauseAboveView? above) => new(
        pause is not null ? $"by {By(pause)}" : above is not null ? $"by {above.By ?? "?"}, with group {above.GroupId}" : "", new Style(Color.Red));
}
