using System.CommandLine;
using System.CommandLine.Parsing;

namespace SpendGuard.Cli.Limits;

/// <summary>The time that a limit is for: a period of the calendar or all time, or a length.</summary>
internal sealed class WindowOptions
{
    private readonly Option<string?> _per;
    private readonly Option _instead;
    private readonly Option<string?> _rolling = new("--rolling") { Description = "Any stretch of time of this length, such as 90m, 24h or 7d", HelpName = "length" };

    /// <param name="instead">What is given in place of a time.</param>
    public WindowOptions(Option instead)
    {
        _instead = instead;
        _per = new Option<string?>("--per") { Description = "A period of the calendar; total is for all time, and of an agent its budget", HelpName = "window" };
        _per.AcceptOnlyFromAmong("day", "week", "month", "quarter", "year", "total");
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_per);
        command.Options.Add(_rolling);
        command.Options.Add(_instead);
        command.Validators.Add(Check);
    }

    /// <summary>The window's name.</summary>
    public string NameIn(ParseResult parsed) => parsed.GetValue(_per) ?? "rolling-" + parsed.GetValue(_rolling);

    private void Check(CommandResult result)
    {
        if (result.GetResult(_instead) is { Implicit: false })
        {
            if (result.Children.OfType<OptionResult>().Any(option => option.Option != _instead && !option.Implicit && result.Command.Options.Contains(option.Option)))
            {
                result.AddError($"Give {_instead.Name} by itself: it is no limit of an amount.");
            }
        }
        else if (result.GetValue(_per) is null == result.GetValue(_rolling) is null)
        {
            result.AddError("Give --per with a period, or --rolling with a length.");
        }
    }
}
