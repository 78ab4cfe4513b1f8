using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>What may stand in a part of a request. Its rows are filled in once, before anything is checked, as shapes may be in each other.</summary>
internal abstract class FieldShape
{
    private IReadOnlyList<FieldRule>? _rules;

    /// <summary>The rows in their order.</summary>
    /// <exception cref="InvalidOperationException">They have not been filled in.</exception>
    public IReadOnlyList<FieldRule> Rules => _rules ?? throw new InvalidOperationException("The shape has no rows yet.");

    /// <summary>The row of a name; null for none.</summary>
    public abstract FieldRule? Find(string name);

    /// <summary>Fills in the rows.</summary>
    /// <exception cref="InvalidOperationException">That has been done.</exception>
    public void Fill(IReadOnlyList<FieldRule> rules)
    {
        _rules = _rules is null ? rules : throw new InvalidOperationException("The shape has its rows.");
        Index(rules);
    }

    /// <summary>Refuses a body with something in it that has no bound, or, in strict mode, that is not known.</summary>
    /// <returns>What was let through.</returns>
    /// <exception cref="BadRequestException">Names the field and says what to do.</exception>
    public CheckedFields Check(JsonElement body, FieldPolicy policy)
    {
        var check = new FieldCheck(policy);
        Check(body, check);
        return check.Done;
    }

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

    /// <summary>Makes the rows be found by their names.</summary>
    protected abstract void Index(IReadOnlyList<FieldRule> rules);

    /// <summary>Checks an object.</summary>
    protected abstract void CheckObject(JsonElement value, FieldCheck check);
}
