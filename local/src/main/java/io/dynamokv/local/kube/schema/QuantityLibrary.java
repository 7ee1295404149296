package io.dynamokv.local.kube.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/** Kubernetes' functions of quantities for CEL: {@code quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0}. */
final class QuantityLibrary {
    private static final CelType TYPE = OpaqueType.create("kubernetes.Quantity");

    private QuantityLibrary() {}

    static List<CelFunctionDecl> declarations() {
        return List.of(
                CelFunctionDecl.newFunctionDeclaration(
                        "quantity", CelOverloadDecl.newGlobalOverload("string_to_quantity", TYPE, SimpleType.STRING)),
                CelFunctionDecl.newFunctionDeclaration(
                        "isQuantity",
                        CelOverloadDecl.newGlobalOverload("is_quantity_string", SimpleType.BOOL, SimpleType.STRING)),
                member("compareTo", "quantity_compare_to", SimpleType.INT, TYPE),
                member("isGreaterThan", "quantity_is_greater_than", SimpleType.BOOL, TYPE),
                member("isLessThan", "quantity_is_less_than", SimpleType.BOOL, TYPE),
                member("add", "quantity_add", TYPE, TYPE),
                member("sub", "quantity_sub", TYPE, TYPE),
                member("sign", "quantity_sign", SimpleType.INT),
                member("isInteger", "quantity_is_integer", SimpleType.BOOL),
                member("asInteger", "quantity_as_integer", SimpleType.INT),
                member("asApproximateFloat", "quantity_as_float", SimpleType.DOUBLE));
    }

    private static CelFunctionDecl member(String name, String id, CelType result, CelType... arguments) {
        CelType[] all = new CelType[arguments.length + 1];
        all[0] = TYPE;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newMemberOverload(id, result, all));
    }

    static List<CelFunctionBinding> bindings() {
        return List.of(
                CelFunctionBinding.from("string_to_quantity", String.class, QuantityLibrary::parse),
                CelFunctionBinding.from(
                        "is_quantity_string",
                        String.class,
                        text -> Quantity.parse(text).isPresent()),
                CelFunctionBinding.from(
                        "quantity_compare_to", Quantity.class, Quantity.class, (a, b) -> (long) a.compareTo(b)),
                CelFunctionBinding.from(
                        "quantity_is_greater_than", Quantity.class, Quantity.class, (a, b) -> a.compareTo(b) > 0),
                CelFunctionBinding.from(
                        "quantity_is_less_than", Quantity.class, Quantity.class, (a, b) -> a.compareTo(b) < 0),
                CelFunctionBinding.from("quantity_add", Quantity.class, Quantity.class, Quantity::plus),
                CelFunctionBinding.from("quantity_sub", Quantity.class, Quantity.class, Quantity::minus),
                CelFunctionBinding.from("quantity_sign", Quantity.class, quantity ->
                        (long) quantity.amount().signum()),
                CelFunctionBinding.from("quantity_is_integer", Quantity.class, Quantity::isInteger),
                CelFunctionBinding.from(
                        "quantity_as_integer",
                        Quantity.class,
                        quantity -> quantity.amount().longValueExact()),
                CelFunctionBinding.from(
                        "quantity_as_float",
                        Quantity.class,
                        quantity -> quantity.amount().doubleValue()));
    }

    private static Quantity parse(String text) {
        return Quantity.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not a quantity"));
    }
}
