using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace SpendGuard.Cli.Numbers;

/// <summary>Options that are numbers. What is none is refused in words; the command line's own name the type that it would be.</summary>
internal static class NumberOption
{
    /// <summary>Reads an option as a whole number.</summary>
    /// <param name="option">The option.</param>
    /// <param name="of">What it is a number of, such as <c>cents</c>; null to leave it at that.</param>
    public static Option<T> Whole<T>(this Option<T> option, string? of = null)
        where T : struct, IBinaryInteger<T>
    {
        option.CustomParser = result => Read<T>(option.Name, result, NumberStyles.AllowLeadingSign, Count(of)) ?? default;
        return option;
    }

    /// <inheritdoc cref="Whole{T}(Option{T}, string?)"/>
    public static Option<T?> Whole<T>(this Option<T?> option, string? of = null)
        where T : struct, IBinaryInteger<T>
    {
        option.CustomParser = result => Read<T>(option.Name, result, NumberStyles.AllowLeadingSign, Count(of));
        return option;
    }

    /// <summary>Reads an option as a number that may have decimals, and lies in a range.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">The least that it can be.</param>
    /// <param name="most">The most.</param>
    /// <param name="wanted">What to give, such as <c>seconds between 0.1 and 3600</c>.</param>
    public static Option<T> Between<T>(this Option<T> option, T least, T most, string wanted)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read<T>(
            option.Name, result, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, wanted, value => value >= least && value <= most) ?? default;
        return option;
    }

    private static string Count(string? of) => of is null ? "a whole number" : $"a whole number of {of}";

    private static T? Read<T>(string name, ArgumentResult result, NumberStyles styles, string wanted, Func<T, bool>? fits = null)
        where T : struct, INumber<T>
    {
        var text = result.Tokens[0].Value;
        if (T.TryParse(text, styles, CultureInfo.InvariantCulture, out var value) && fits?.Invoke(value) != false)
        {
            return value;
        }

        result.AddError($"{name} is '{text}'; give {wanted}.");
        return null;
    }
}
