namespace SpendGuard.Pricing.Import;

/// <summary>One field of one model's rate card that differs between two price books.</summary>
/// <param name="Model">The model.</param>
/// <param name="Field">The field, as a price document names it, such as <c>context_tiers[0].input_cents_per_1m</c>; empty when the whole model is in one of the books only.</param>
/// <param name="Before">Its value in the present book, as the document has it; null when it is not there.</param>
/// <param name="After">Its value in the new book, as the document has it; null when it is not there.</param>
internal sealed record PriceDifference(ModelKey Model, string Field, string? Before, string? After);
