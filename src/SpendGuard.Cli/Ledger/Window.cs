using System.CommandLine;
using System.CommandLine.Parsing;
using SpendGuard.Names;

namespace SpendGuard.Cli.Ledger;

/// <summary>A span of time: from its start, up to but not including its end.</summary>
internal sealed record Window(DateTimeOffset From, DateTimeOffset To)
{
    public bool Contains(DateTimeOffset at) => at >= From && at < To;
}

/// <summary>The options that give a window. Days and times are in UTC unless they say otherwise.</summary>
internal sealed class WindowOptions
{
    private readonly Option<DateTimeOffset?> _from = Time("--from", "First moment, such as 2026-11-01 or 2026-11-01T12:00:00Z [default: the beginning]");
    private readonly Option<DateTimeOffset?> _to = Time("--to", "First moment after [default: now and later]");

    public void AddTo(Command command)
    {
        command.Options.Add(_from);
        command.Options.Add(_to);
    }

    public Window Of(ParseResult parsed) =>
        new(parsed.GetValue(_from) ?? DateTimeOffset.MinValue, parsed.GetValue(_to) ?? DateTimeOffset.MaxValue);

    /// <summary>An option that is a day or a time.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result => Parse(name, result),
    };

    private static DateTimeOffset? Parse(string name, ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (WrittenTime.TryParse(text, out var time))
        {
            return time;
        }

        result.AddError($"{name} is '{text}'; give a day such as 2026-11-01 or a time such as 2026-11-01T12:00:00Z.");
        return null;
    }
}
