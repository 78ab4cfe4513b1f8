namespace SpendGuard.Extensions.AI;

/// <summary>The SDK's own objects that contents and messages carry. They cannot be copied, so they are looked at again before they are sent.</summary>
internal sealed class SharedRaws
{
    private readonly List<(object Raw, string Json)> _seen = [];

    /// <summary>Remembers what an object said when it was priced.</summary>
    public void Add(object raw, string json) => _seen.Add((raw, json));

    /// <summary>Looks whether they still say what was priced.</summary>
    /// <exception cref="UnboundedCostException">One says something else.</exception>
    public void CheckUnchanged()
    {
        if (_seen.Exists(seen => RawInput.Write(seen.Raw) != seen.Json))
        {
            throw new UnboundedCostException(
                "RawRepresentation",
                "It was changed while the call waited for its budget, and something else was held for.",
                "Leave messages alone until their call has ended.");
        }
    }
}
