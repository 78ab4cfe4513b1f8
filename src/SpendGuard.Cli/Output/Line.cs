using System.Globalization;

namespace SpendGuard.Cli.Output;

/// <summary>The <c>key=value</c> of plain output. What is not known stands as nothing after the sign.</summary>
internal static class Line
{
    public static string Of(string key, string? value) => $"{key}={OnOneLine(value)}";

    public static string Of(string key, long? value) => $"{key}={value?.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Whatever the value, a line stays one line.</summary>
    private static string? OnOneLine(string? value) => value?.ReplaceLineEndings(" ");
}
