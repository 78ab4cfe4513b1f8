using SpendGuard.Cli.Connection;
using Spectre.Console;

namespace SpendGuard.Cli.Pauses;

/// <summary>Who has paused a node, where it is listed.</summary>
internal static class PauseLine
{
    /// <summary>How a pause looks.</summary>
    public static Style Style { get; } = new(Color.Red);

    /// <summary>For <c>paused_by=</c>; null of a node that goes on.</summary>
    public static string? By(PauseView? pause) => pause is null ? null : pause.By ?? "?";

    /// <summary>For a column of a table; empty of a node that goes on.</summary>
    /// <param name="pause">Its own pause.</param>
    /// <param name="above">That of the nearest group above it that is paused.</param>
    public static string Cell(PauseView? pause, PauseAboveView? above) =>
        pause is not null ? $"by {By(pause)}" : above is not null ? $"by {above.By ?? "?"}, with group {above.GroupId}" : "";
}
