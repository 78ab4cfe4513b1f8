using System.Reflection;

namespace SpendGuard.Extensions.AI;

/// <summary>A type that nothing is of, and that remembers what was asked whether it is.</summary>
/// <remarks>
/// Whoever is asked for a service of a type asks that type whether he is of it himself, and else asks whom he is made around. So this type
/// meets all clients of a pipeline, those too of which nothing else tells.
/// </remarks>
internal sealed class TypeOfNobody() : TypeDelegator(typeof(TypeOfNobody))
{
    private readonly List<object> _asked = [];

    /// <summary>Who asked, the first one first.</summary>
    public IReadOnlyList<object> Asked => _asked;

    public override bool IsInstanceOfType(object? o)
    {
        if (o is not null)
        {
            _asked.Add(o);
        }

        return false;
    }
}
