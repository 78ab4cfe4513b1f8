namespace SpendGuard.Sidecar.Control.Names;

/// <summary>Marks a route in whose path an agent or a group may stand as people call it. Where a call is charged, nothing but an id may.</summary>
/// <param name="Accepts">What may stand there beside an id.</param>
internal sealed record TakesNames(AcceptedNames Accepts);

/// <summary>What may stand in a path beside an id.</summary>
internal enum AcceptedNames
{
    /// <summary>A name, or the beginning of an id.</summary>
    All,

    /// <summary>A name: an id that is not known is that of a group to be made, also where a generated id begins with it.</summary>
    NamesOnly,

    /// <summary>Nothing: the route makes the group of this id.</summary>
    None,
}

/// <summary>Marks the routes.</summary>
internal static class TakesNamesExtensions
{
    /// <summary>The routes that are mapped in it take names.</summary>
    public static IEndpointRouteBuilder ByName(this IEndpointRouteBuilder routes) => routes.MapGroup("").WithMetadata(new TakesNames(AcceptedNames.All));

    /// <summary>The route takes less.</summary>
    public static RouteHandlerBuilder Accepting(this RouteHandlerBuilder route, AcceptedNames names) => route.WithMetadata(new TakesNames(names));
}
