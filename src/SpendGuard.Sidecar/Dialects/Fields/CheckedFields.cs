using System.Collections.Immutable;
using System.Text.Json;
using SpendGuard.Bounds;

namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>What the check of a request has let through.</summary>
/// <param name="Unknown">What is not known, by its path.</param>
/// <param name="LongText">
/// The bytes of texts in fields that are free by what they mean, and longer than that takes: a server that repeats one to its model has
/// them in its prompt, so they count as input.
/// </param>
internal readonly record struct CheckedFields(ImmutableArray<string> Unknown, long LongText)
{
    /// <summary>What is bound by what its row says of it, and by no reader.</summary>
    public ImmutableArray<CountedField> Counted { get; init; } = [];

    /// <summary>Adds what counts as input beside what the dialect's reader adds.</summary>
    /// <param name="bound">The bound of the call's input.</param>
    /// <param name="addUnseen">Adds what cannot be seen, where the dialect has a rule for it.</param>
    /// <exception cref="Refusals.BadRequestException">What cannot be seen has no bound at this provider.</exception>
    public void AddTo(InputBound bound, Action<string>? addUnseen = null)
    {
        bound.Add(LongText);
        foreach (var field in Counted)
        {
            field.AddTo(bound);
            if (field.IsUnseen)
            {
                (addUnseen ?? (name => bound.AddUnseen(name)))($"'{field.Path}'");
            }
        }
    }
}

/// <summary>A part of a request that is bound by what its row says of it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Tokens">What a provider adds for it.</param>
internal readonly record struct CountedField(string Path, long Tokens)
{
    /// <summary>What is counted by its JSON; null where it is within something that is.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Whether it stands for what cannot be seen here.</summary>
    public bool IsUnseen { get; init; }

    /// <summary>Adds its JSON as the definition of a tool, which is rendered at the greatest length, and the template around each item of a list.</summary>
    public void AddTo(InputBound bound)
    {
        bound.Add(Tokens);
        if (Value is { } value)
        {
            bound.AddMessage().AddJson(value);
            for (var more = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0; more > 1; more--)
            {
                bound.AddMessage();
            }
        }
    }
}
