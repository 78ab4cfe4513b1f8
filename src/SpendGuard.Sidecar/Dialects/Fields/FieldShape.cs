using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>What may stand in a part of a request.</summary>
internal abstract class FieldShape
{
    /// <summary>The rows in their order.</summary>
    public abstract IReadOnlyList<FieldRule> Rules { get; }

    /// <summary>Checks a value: an object, or a list of them. What else it may be is for the reader of the field to say.</summary>
    /// <exception cref="BadRequestException">Something in it has no bound, or is not known in strict mode. Names it and says what to do.</exception>
    public void Check(JsonElement value, FieldCheck check)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(value, check);
                break;
            case JsonValueKind.Array:
                using (check.Within("[]"))
                {
                    foreach (var item in value.EnumerateArray())
                    {
                        Check(item, check);
                    }
                }

                break;
        }
    }

    /// <summary>Checks an object.</summary>
    protected abstract void CheckObject(JsonElement value, FieldCheck check);
}
