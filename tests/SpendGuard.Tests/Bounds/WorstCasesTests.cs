using CsCheck;
using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Tests.Bounds;

/// <summary>What is granted is split between output and calls of hosted tools, and never into more than was granted.</summary>
public sealed class WorstCasesTests
{
    private static readonly Gen<WorstCases> Cases = Gen.Select(
        WorstCaseTests.CardsGen.Array[1, 2], WorstCaseTests.Calls, Gen.Int[0, 1], Gen.Int[1, 9], Gen.Long[1, 2_000],
        (cards, call, least, most, maxInput) => new WorstCases(
            call with { HostedCalls = new HostedCalls("search", least, most) { Fees = [UsageCategory.WebSearch] } }, cards, maxInput));

    private static readonly Gen<long> Outputs = Gen.Long[1, 20_000];

    [Fact]
    public void Split_AnyAmountThatPaysForTheLeast_CostsNoMoreThanIt() => Gen.Select(Cases, Outputs, Gen.Double.Unit).Sample(
        (cases, wanted, part) =>
        {
            var amount = Between(cases, wanted, part);
            var grant = cases.Split(amount, wanted);

            Assert.InRange(grant.HostedCalls, cases.Least, cases.Most);
            Assert.InRange(grant.OutputTokens, 1, wanted);
            Assert.True(cases.With(grant.HostedCalls).At(grant.OutputTokens) <= amount);
        },
        iter: 20_000);

    [Fact]
    public void Split_AnyAmount_BuysTheMostCallsThatLeaveSomeOutput() => Gen.Select(Cases, Outputs, Gen.Double.Unit).Sample(
        (cases, wanted, part) =>
        {
            var amount = Between(cases, wanted, part);
            var calls = cases.Split(amount, wanted).HostedCalls;
            var beside = Math.Min(wanted, WorstCases.OrdinaryOutput);

            Assert.True(calls == cases.Least || cases.With(calls).At(beside) <= amount);
            Assert.True(calls == cases.Most || cases.With(calls + 1).At(beside) > amount);
        },
        iter: 20_000);

    [Fact]
    public void Split_AnyAmountThatPaysForTheLeastOutput_LeavesIt() => Gen.Select(Cases, Outputs, Gen.Double.Unit, Gen.Double.Unit).Sample(
        (cases, wanted, part, useful) =>
        {
            var least = 1 + (long)((wanted - 1) * useful);
            var amount = Money.Max(cases.Fewest.At(least), Between(cases, wanted, part));

            Assert.InRange(cases.Split(amount, wanted, least).OutputTokens, least, wanted);
        },
        iter: 20_000);

    [Fact]
    public void Split_TheWhole_IsAllThatIsWanted() => Gen.Select(Cases, Outputs).Sample(
        (cases, wanted) => Assert.Equal(new CallGrant(wanted, cases.Most), cases.Split(cases.With(cases.Most).At(wanted), wanted)));

    private static Money Between(WorstCases cases, long wanted, double part)
    {
        var (floor, ceiling) = (cases.Fewest.At(1).Microcents, cases.With(cases.Most).At(wanted).Microcents);
        return Money.FromMicrocents(floor + (long)((ceiling - floor) * part));
    }
}
