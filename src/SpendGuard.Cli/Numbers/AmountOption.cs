using System.CommandLine;
using System.CommandLine.Parsing;

namespace SpendGuard.Cli.Numbers;

/// <summary>Options that are amounts of money. A bare figure is what it has always been: whole cents in these.</summary>
internal static class AmountOption
{
    /// <summary>What help calls such an amount.</summary>
    public const string HelpName = "cents|$amount";

    /// <summary>An amount in cents, or with its unit.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="isRequired">Whether it has to be given.</param>
    /// <param name="alias">Another name; null for none.</param>
    public static Option<Money?> Cents(string name, string description, bool isRequired = false, string? alias = null) =>
        new(name, alias is null ? [] : [alias]) { Description = description, HelpName = HelpName, Required = isRequired, CustomParser = result => Read(name, result) };

    private static Money? Read(string name, ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (BudgetAmount.TryParse(text, bareIsCents: true, out var amount))
        {
            return amount;
        }

        // Of who has typed dollars, both readings: a shell has taken the sign away, or nobody has thought of it.
        result.AddError(BudgetAmount.TryParse(text, bareIsCents: false, out var dollars)
            ? $"{name} is '{text}'; give a whole number of cents, such as {Cents(dollars)}, or the amount with its unit, such as '${text}' or {text}usd."
            : $"{name} is '{text}'; give a whole number of cents, or an amount such as '$5.50' or 5.50usd.");
        return null;
    }

    private static string Cents(Money dollars) => dollars.CentsRoundedDown == dollars.CentsRoundedUp
        ? $"{dollars.CentsRoundedDown} for ${dollars.CentsRoundedDown / 100m:0.00}"
        : $"{dollars.CentsRoundedDown} or {dollars.CentsRoundedUp}";
}
