using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Billing;

/// <summary>One line of a bill.</summary>
/// <param name="Category">What is billed.</param>
/// <param name="Quantity">How many units of it.</param>
/// <param name="Rate">What one unit costs.</param>
[Experimental(ApiTier.Adapters)]
public sealed record LineItem(UsageCategory Category, long Quantity, Rate Rate)
{
    /// <summary>What the line comes to; exact.</summary>
    public ExactAmount Cost => Rate.For(Quantity);
}
