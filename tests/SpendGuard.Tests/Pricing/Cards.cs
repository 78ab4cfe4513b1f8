using SpendGuard.Pricing;

namespace SpendGuard.Tests.Pricing;

/// <summary>Rate cards for tests.</summary>
internal static class Cards
{
    public static readonly ModelKey Model = new("test", "model");

    public static Rate R(decimal microcents) => Rate.FromMicrocents(microcents);

    public static RateCard Of(decimal input, decimal output) => new() { Model = Model, Rates = new TokenRates { Input = R(input), Output = R(output) } };
}
